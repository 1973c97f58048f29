/** Certificates: issuing, chains, token review, the CSR service. */
@NullMarked
package dev.weft.ca;

import org.jspecify.annotations.NullMarked;
