package dev.weft.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.BuiltInTypes;
import dev.weft.apiserver.schema.KnownType;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final KnownType DEPLOYMENTS =
      BuiltInTypes.list().stream()
          .filter(known -> known.key().text().equals("deployments.apps"))
          .findFirst()
          .orElseThrow();

  private static ObjectNode deployment(String spec) {
    return Samples.yaml("{apiVersion: apps/v1, kind: Deployment, spec: " + spec + "}");
  }

  private static ObjectNode written(ObjectNode old, String spec, String manager) {
    ObjectNode next = deployment(spec);
    Json.meta(next).set("managedFields", Json.at(old, "metadata", "managedFields").deepCopy());
    Ownership.record(DEPLOYMENTS, Optional.of(old), next, manager, "");
    return next;
  }

  private static ObjectNode created(String spec, String manager) {
    ObjectNode object = deployment(spec);
    Ownership.record(DEPLOYMENTS, Optional.empty(), object, manager, "");
    return object;
  }

  /** {@code manager operation fields}, one a line. */
  private static String owners(ObjectNode object) {
    return Json.objects(Json.at(object, "metadata", "managedFields")).stream()
        .map(
            e ->
                Json.text(e, "manager")
                    + " "
                    + Json.text(e, "operation")
                    + " "
                    + e.path("fieldsV1").toString().replace("\"", "").replace("\\", ""))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void who_makes_an_object_owns_what_it_sets() {
    assertThat(owners(created("{replicas: 1, paused: true}", "maker")))
        .isEqualTo("maker Update {f:spec:{f:replicas:{},f:paused:{}}}");
  }

  @Test
  void the_last_who_changes_a_field_owns_it_alone() {
    ObjectNode made = created("{replicas: 1, paused: true}", "maker");
    ObjectNode scaled = written(made, "{replicas: 3, paused: true}", "scaler");
    assertThat(owners(scaled))
        .isEqualTo("maker Update {f:spec:{f:paused:{}}}\nscaler Update {f:spec:{f:replicas:{}}}");
    assertThat(owners(written(scaled, "{replicas: 3}", "cleaner")))
        .isEqualTo("scaler Update {f:spec:{f:replicas:{}}}");
    assertThat(owners(written(scaled, "{replicas: 3, paused: true}", "idler")))
        .isEqualTo(owners(scaled));
  }

  @Test
  void items_of_a_keyed_list_have_owners_of_their_own() {
    ObjectNode made = created("{template: {spec: {containers: [{name: a, image: x}]}}}", "maker");
    ObjectNode injected =
        written(
            made,
            "{template: {spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}}",
            "injector");
    assertThat(owners(injected))
        .isEqualTo(
            "maker Update {f:spec:{f:template:{f:spec:{f:containers:{k:{name:a}:{.:{},f:name:{},f:image:{}}}}}}}\n"
                + "injector Update {f:spec:{f:template:{f:spec:{f:containers:{k:{name:b}:{.:{},f:name:{},f:image:{}}}}}}}");
  }

  @Test
  void an_apply_conflicts_with_an_update_and_takes_over_by_force() {
    ObjectNode made = created("{replicas: 1, paused: true}", "maker");
    ObjectNode config = deployment("{replicas: 2, paused: false}");
    assertThatThrownBy(
            () -> new ApplyPatch(DEPLOYMENTS, config, "team", false).apply(made.deepCopy()))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.code()).isEqualTo(409);
              assertThat(e.details().path("causes")).hasSize(2);
            })
        .hasMessage(
            "Apply failed with 2 conflicts: conflicts with \"maker\" using apps/v1:\n"
                + "- .spec.replicas\n- .spec.paused");
    ObjectNode forced = new ApplyPatch(DEPLOYMENTS, config, "team", true).apply(made.deepCopy());
    assertThat(owners(forced)).isEqualTo("team Apply {f:spec:{f:replicas:{},f:paused:{}}}");
    assertThat(forced.at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void the_same_value_is_owned_together() {
    ObjectNode made = created("{replicas: 1, paused: true}", "maker");
    ObjectNode config = deployment("{replicas: 1}");
    assertThat(owners(new ApplyPatch(DEPLOYMENTS, config, "team", false).apply(made)))
        .isEqualTo(
            "maker Update {f:spec:{f:replicas:{},f:paused:{}}}\n"
                + "team Apply {f:spec:{f:replicas:{}}}");
  }
}
