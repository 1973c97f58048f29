package dev.weft.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.ControlPlane;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyStatusCommandTest {

  @Test
  void proxies_of_all_replicas_are_one_table() throws IOException {
    ControlPlane.Answers said =
        new ControlPlane.Answers(
            List.of(answer("istiod-a", "sleep.default"), answer("istiod-b", "cart.shop")),
            List.of());

    assertThat(ProxyStatusCommand.table(ProxyStatusCommand.merged(said)))
        .isEqualTo(
            """
            NAME            CLUSTER   CDS      LDS   EDS   RDS   NDS   ISTIOD     VERSION   MESSAGE
            sleep.default   west      SYNCED   -     -     -     -     istiod-a   0.1.0     -
            cart.shop       west      SYNCED   -     -     -     -     istiod-b   0.1.0     -
            """);
  }

  @Test
  void a_proxy_that_asks_on_demand_says_what_it_holds() throws IOException {
    String proxy =
        """
        [{"proxy": "sleep.default", "cluster": "west", "version": "0.1.0", "onDemand": true,
          "types": {
            "LDS": {"state": "SYNCED", "resources": 3},
            "VHDS": {"state": "NACKED", "resources": 2, "error": "80/cart: no"}}}]
        """;
    ControlPlane.Answers said =
        new ControlPlane.Answers(
            List.of(new ControlPlane.Answer("istiod-a", new ObjectMapper().readTree(proxy))),
            List.of());

    assertThat(ProxyStatusCommand.table(ProxyStatusCommand.merged(said)))
        .contains("on demand: 3 listeners, 2 hosts, 0 clusters, 0 name tables; VHDS: 80/cart: no");
  }

  private static ControlPlane.Answer answer(String istiod, String proxy) throws IOException {
    return new ControlPlane.Answer(
        istiod,
        new ObjectMapper()
            .readTree(
                """
                [{"proxy": "%s", "cluster": "west", "version": "0.1.0",
                  "types": {"CDS": {"state": "SYNCED"}}}]
                """
                    .formatted(proxy)));
  }
}
