package dev.weft.e2e;

/** How often pods of a cluster were asked for their part of Bookinfo's page, by their log. */
record Asked(long productpage, long reviews) {

  static Asked of(Lab lab, String cluster) {
    return new Asked(
        times(lab, cluster, "productpage", "/productpage"),
        times(lab, cluster, "reviews", "/reviews/0"));
  }

  private static long times(Lab lab, String cluster, String app, String path) {
    return lab.proxyLog(cluster, "demo", app).stream()
        .filter(line -> line.contains("\"" + path) && line.contains("inbound|9080||"))
        .count();
  }

  Asked since(Asked before) {
    return new Asked(productpage - before.productpage, reviews - before.reviews);
  }
}
