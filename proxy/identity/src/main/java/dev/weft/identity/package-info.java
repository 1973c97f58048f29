/** The workload's identity: key, certificate, roots, and their renewal. */
@NullMarked
package dev.weft.identity;

import org.jspecify.annotations.NullMarked;
