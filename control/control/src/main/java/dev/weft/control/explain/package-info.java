/** Why a pod reaches the endpoints of a service the way it does, or does not. */
@NullMarked
package dev.weft.control.explain;

import org.jspecify.annotations.NullMarked;
