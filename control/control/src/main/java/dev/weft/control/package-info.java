/** The control plane process: wiring, ingest loop, ADS server, webhooks, status. */
@NullMarked
package dev.weft.control;

import org.jspecify.annotations.NullMarked;
