/** From an IstioOperator to objects in a cluster, by the charts; and back. */
@NullMarked
package dev.weft.install;

import org.jspecify.annotations.NullMarked;
