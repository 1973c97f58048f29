package dev.weft.console.api;

/**
 * What somebody wants of a cluster.
 *
 * @param network its logical network; empty for none
 * @param crossClusterProxy whether other networks enter it by a proxy
 */
public record NetworkWish(String cluster, String network, boolean crossClusterProxy) {}
