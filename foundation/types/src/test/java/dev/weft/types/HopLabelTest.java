package dev.weft.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HopLabelTest {
  private static final String NAME = "outbound_.8000_._.httpbin.default.svc.cluster.local";
  private static final String LABEL = "e-0a0000071f90";

  @Test
  void a_label_is_made_of_address_and_port() {
    assertThat(HopLabel.of(new HostPort("10.0.0.7", 8080))).isEqualTo(LABEL);
    assertThat(HopLabel.of(new HostPort("10.0.0.7", 65535))).isEqualTo("e-0a000007ffff");
  }

  @Test
  void every_way_to_write_an_address_gives_one_label_that_is_a_dns_label() {
    String label = HopLabel.of(new HostPort("2001:db8::1", 80));
    assertThat(label).isEqualTo(HopLabel.of(new HostPort("2001:0DB8:0:0:0:0:0:1", 80)));
    assertThat(Names.isLabel(label)).isTrue();
  }

  @Test
  void a_server_name_of_the_mesh_gets_the_label_and_others_stay() {
    assertThat(HopLabel.serverName(LABEL, NAME)).isEqualTo(LABEL + "." + NAME);
    assertThat(HopLabel.serverName("", NAME)).isEqualTo(NAME);
    assertThat(HopLabel.serverName(LABEL, "api.example.com")).isEqualTo("api.example.com");
    assertThat(HopLabel.serverName(LABEL, "")).isEmpty();
  }

  @Test
  void the_label_is_found_before_the_name_of_its_cluster_alone() {
    assertThat(HopLabel.before(NAME, LABEL + "." + NAME)).isEqualTo(LABEL);
    assertThat(HopLabel.before(NAME, (LABEL + "." + NAME).toLowerCase(java.util.Locale.ROOT)))
        .isEqualTo(LABEL);
    assertThat(HopLabel.before(NAME, NAME)).isEmpty();
    assertThat(HopLabel.before(NAME, "." + NAME)).isEmpty();
    assertThat(HopLabel.before(NAME, LABEL + "x" + NAME)).isEmpty();
    assertThat(HopLabel.before(NAME, LABEL + ".other." + NAME)).isEqualTo(LABEL + ".other");
    assertThat(HopLabel.before("example.com", "a.example.com")).isEmpty();
  }

  @Test
  void a_server_name_is_read_without_its_label() {
    assertThat(HopLabel.without(LABEL + "." + NAME)).isEqualTo(NAME);
    assertThat(HopLabel.without(NAME)).isEqualTo(NAME);
    assertThat(HopLabel.without("e-shop.example.com")).isEqualTo("e-shop.example.com");
    assertThat(HopLabel.without("")).isEmpty();
  }
}
