/** Commands about gateways. */
@NullMarked
package dev.weft.cli.gateway;

import org.jspecify.annotations.NullMarked;
