/** TLS contexts made from the workload's identity, and the verification of peers. */
@NullMarked
package dev.weft.proxy.tls;

import org.jspecify.annotations.NullMarked;
