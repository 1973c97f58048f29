/** What traffic needs and the configuration does not have: who asks for it, and who waits. */
@NullMarked
package dev.weft.demand;

import org.jspecify.annotations.NullMarked;
