package dev.weft.lab.image.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiscoveryTest {
  @Test
  void pods_come_from_the_server_in_the_container() {
    assertThat(
            Discovery.without(
                """
                scrape_configs:
                - job_name: pods
                  kubernetes_sd_configs:
                  - role: pod
                  relabel_configs: []
                - kubernetes_sd_configs:
                    - role: node
                  job_name: nodes
                """,
                1234))
        .isEqualTo(
            """
            scrape_configs:
            - job_name: pods
              http_sd_configs:
              - url: http://127.0.0.1:1234/pods
                refresh_interval: 5s
              relabel_configs: []
            - static_configs: []
              job_name: nodes
            """);
  }

  @Test
  void what_asks_no_cluster_stays_as_it_is() {
    String config = "scrape_configs: [{job_name: self, static_configs: [{targets: [a:1]}]}]\n";

    assertThat(Discovery.without(config, 1)).isEqualTo(config);
  }
}
