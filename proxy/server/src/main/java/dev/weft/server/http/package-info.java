/**
 * One HTTP request between two legs: routed, tried, changed, answered, logged. What is spoken on
 * either side only the legs know.
 */
@NullMarked
package dev.weft.server.http;

import org.jspecify.annotations.NullMarked;
