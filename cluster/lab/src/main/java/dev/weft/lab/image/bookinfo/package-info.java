/** Bookinfo, the bookshop of four services by which service meshes are shown. */
@NullMarked
package dev.weft.lab.image.bookinfo;

import org.jspecify.annotations.NullMarked;
