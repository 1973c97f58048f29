package dev.weft.console.api;

/**
 * The pods of a Deployment, or the like, in a cluster, with what flowed in the last minute.
 *
 * @param injected pods with a proxy
 * @param failed of the requests that it answered, a second
 */
public record WorkloadRow(
    String cluster,
    String namespace,
    String name,
    String app,
    String version,
    int pods,
    int ready,
    int injected,
    double rateIn,
    double rateOut,
    double failed) {}
