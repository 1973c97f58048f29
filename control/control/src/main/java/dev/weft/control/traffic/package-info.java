/** What proxies count, gathered: the source of the topology that needs no Prometheus. */
@NullMarked
package dev.weft.control.traffic;

import org.jspecify.annotations.NullMarked;
