/** The xDS protocol as values and state machines: names, versions, subscriptions, deltas. */
@NullMarked
package dev.weft.xds;

import org.jspecify.annotations.NullMarked;
