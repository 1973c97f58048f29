/** The aggregated discovery service: streams of proxies, who they are, and what they were sent. */
@NullMarked
package dev.weft.control.ads;

import org.jspecify.annotations.NullMarked;
