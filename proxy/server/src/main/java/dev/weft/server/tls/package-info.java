/** TLS contexts made from the workload's identity, and the verification of peers. */
@NullMarked
package dev.weft.server.tls;

import org.jspecify.annotations.NullMarked;
