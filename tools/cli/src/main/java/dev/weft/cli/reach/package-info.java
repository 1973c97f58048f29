/** How commands reach API servers, the control plane and pods. */
@NullMarked
package dev.weft.cli.reach;

import org.jspecify.annotations.NullMarked;
