/** Traffic capture: the rules that send a pod's connections through its proxy. */
@NullMarked
package dev.weft.redirect;

import org.jspecify.annotations.NullMarked;
