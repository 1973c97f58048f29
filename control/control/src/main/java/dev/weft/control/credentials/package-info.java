/** The Secrets by which gateways show who they are, from API servers to the snapshot. */
@NullMarked
package dev.weft.control.credentials;

import org.jspecify.annotations.NullMarked;
