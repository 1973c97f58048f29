package dev.weft.apiserver;

import java.nio.file.Path;
import java.util.List;

/**
 * What one API server needs to know before it starts.
 *
 * @param name of the cluster, used in certificates and messages
 * @param directory where objects, keys and the admin token are kept; created where missing
 * @param port on 127.0.0.1, 0 for any free one (kept for the next start in {@code directory})
 * @param names DNS names and IP addresses that the serving certificate covers besides 127.0.0.1 and
 *     localhost
 */
public record ApiServerSettings(String name, Path directory, int port, List<String> names) {}
