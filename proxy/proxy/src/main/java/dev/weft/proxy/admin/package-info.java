/** The local HTTP ports: administration, readiness, metrics, application probes. */
@NullMarked
package dev.weft.proxy.admin;

import org.jspecify.annotations.NullMarked;
