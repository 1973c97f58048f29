/** The workload's identity: key, certificate, roots, and their renewal. */
@NullMarked
package dev.weft.proxy.identity;

import org.jspecify.annotations.NullMarked;
