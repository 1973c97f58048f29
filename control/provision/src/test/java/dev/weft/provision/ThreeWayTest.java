package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.provision.ThreeWay.Winner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ThreeWayTest {
  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ObjectNode applied(String live, String last) {
    ObjectNode body = json(live);
    body.withObject("/metadata/annotations").put(Ownership.LAST_APPLIED, json(last).toString());
    return body;
  }

  private static String spec(ObjectNode body) {
    return body.path("spec").toString().replace('"', '\'');
  }

  @Test
  void what_is_as_wanted_is_not_written_again() {
    ObjectNode wanted =
        json(
            "{'spec':{'replicas':2,'containers':[{'name':'a','resources':{'cpu':'2000m'}}],"
                + "'ports':[{'name':'tls','port':15443}]}}");
    ObjectNode live =
        applied(
            "{'spec':{'replicas':2,'paused':false,'containers':[{'name':'a','image':'x',"
                + "'resources':{'cpu':'2'}}],'ports':[{'name':'tls','port':15443,'nodePort':30001}]}}",
            wanted.toString());
    assertThat(ThreeWay.merge(live, wanted, Winner.MESH)).isEqualTo(live);
  }

  @Test
  void drift_is_undone_and_what_others_filled_in_stays() {
    ObjectNode wanted = json("{'spec':{'replicas':2,'ports':[{'name':'tls','port':15443}]}}");
    ObjectNode live =
        applied(
            "{'spec':{'replicas':5,'clusterIP':'10.96.0.9','ports':[{'name':'tls','port':1,"
                + "'nodePort':30001},{'name':'foreign','port':9}]}}",
            wanted.toString());
    assertThat(spec(ThreeWay.merge(live, wanted, Winner.MESH)))
        .isEqualTo(
            "{'replicas':2,'clusterIP':'10.96.0.9','ports':[{'name':'tls','port':15443,"
                + "'nodePort':30001}]}");
  }

  @Test
  void what_is_no_longer_wanted_goes_what_was_never_ours_stays() {
    ObjectNode live = applied("{'spec':{'mine':1,'theirs':2}}", "{'spec':{'mine':1}}");
    assertThat(spec(ThreeWay.merge(live, json("{'spec':{}}"), Winner.MESH)))
        .isEqualTo("{'theirs':2}");
  }

  @Test
  void within_an_object_that_is_no_longer_wanted_others_keep_theirs() {
    ObjectNode live =
        applied("{'spec':{'labels':{'mine':1,'theirs':2}}}", "{'spec':{'labels':{'mine':1}}}");
    assertThat(spec(ThreeWay.merge(live, json("{'spec':{}}"), Winner.MESH)))
        .isEqualTo("{'labels':{'theirs':2}}");
  }

  @Test
  void a_namespace_that_is_no_longer_ours_loses_our_labels_and_lives_on() {
    ObjectNode wanted =
        json(
            "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop','labels':"
                + "{'mesh.weft.dev/managed-by':'weft','istio-injection':'enabled'}}}");
    ObjectNode live = ThreeWay.create(wanted);
    live.withObject("/metadata/labels").put("team", "red");

    Ownership ownership = new Ownership("mesh-1", "default", "cluster1", Set.of("cluster1"));
    Applying.Plan plan =
        Applying.plan(List.of(), Map.of(Manifest.of(wanted).key(), live), ownership, true);

    assertThat(plan.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Applying.Step.Replace.class,
            r ->
                assertThat(r.body().path("metadata").path("labels"))
                    .hasToString("{\"team\":\"red\"}"));
  }

  @Test
  void what_a_user_changed_is_theirs() {
    ObjectNode last = json("{'spec':{'replicaCount':2,'view':'network2'}}");
    ObjectNode wanted = json("{'spec':{'replicaCount':2,'view':'network3'}}");
    ObjectNode live =
        applied(
            "{'spec':{'replicaCount':4,'view':'network2','resources':{'cpu':1}}}", last.toString());

    ObjectNode merged = ThreeWay.merge(live, wanted, Winner.USER);
    assertThat(spec(merged))
        .isEqualTo("{'replicaCount':4,'view':'network3','resources':{'cpu':1}}");
    assertThat(ThreeWay.merge(merged, wanted, Winner.USER)).isEqualTo(merged);
  }

  @Test
  void a_webhook_with_the_servers_defaults_is_as_wanted() {
    ObjectNode wanted =
        json(
            "{'webhooks':[{'name':'a','clientConfig':{'caBundle':'x'},'rules':[{'apiGroups':[''],"
                + "'resources':['pods']}]},{'name':'b'}]}");
    ObjectNode live =
        applied(
            "{'webhooks':[{'name':'a','clientConfig':{'caBundle':'x'},'matchPolicy':'Equivalent',"
                + "'rules':[{'apiGroups':[''],'resources':['pods'],'scope':'*'}],"
                + "'timeoutSeconds':10},{'name':'b','timeoutSeconds':10}]}",
            wanted.toString());
    assertThat(ThreeWay.merge(live, wanted, Winner.MESH)).isEqualTo(live);
  }

  @Test
  void a_broken_note_is_no_reason_to_stop() {
    ObjectNode live = json("{'spec':{'a':1}}");
    live.withObject("/metadata/annotations").put(Ownership.LAST_APPLIED, "{");
    assertThat(spec(ThreeWay.merge(live, json("{'spec':{'a':2}}"), Winner.MESH)))
        .isEqualTo("{'a':2}");
  }

  @Test
  void quantities_are_equal_by_amount() {
    assertThat(Quantities.equal("2000m", "2")).isTrue();
    assertThat(Quantities.equal("1024Mi", "1Gi")).isTrue();
    assertThat(Quantities.equal("1000", "1k")).isTrue();
    assertThat(Quantities.equal("1G", "1Gi")).isFalse();
    assertThat(Quantities.equal("25%", "25%")).isFalse();
  }
}
