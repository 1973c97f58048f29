package dev.weft.topology.picture;

/** Traffic as each of its ends counted it. Confined to whoever draws. */
final class Ends {
  final Count client = new Count();
  final Count server = new Count();

  /** Each request once. */
  final Count counted = new Count();

  /**
   * The source's word counts where there is one: it knows of requests that never arrived. Once,
   * when everything of this one edge is there.
   */
  void decide() {
    counted.add(client.isNone() ? server : client);
  }

  /** Those of another edge, which is decided. */
  void add(Ends other) {
    client.add(other.client);
    server.add(other.server);
    counted.add(other.counted);
  }
}
