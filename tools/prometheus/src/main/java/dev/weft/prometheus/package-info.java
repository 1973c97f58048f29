/**
 * Traffic as Prometheus knows it: one server, one for each cluster, or one that has read the
 * others. Queries, folding and diagnosis are pure; {@link dev.weft.prometheus.HttpPrometheus} and
 * {@link dev.weft.prometheus.PrometheusTraffic} are the edges.
 */
@NullMarked
package dev.weft.prometheus;

import org.jspecify.annotations.NullMarked;
