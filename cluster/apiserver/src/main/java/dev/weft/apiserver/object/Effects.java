package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.CustomTypes;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.storage.TypeKey;
import java.util.List;

/** What writes of single kinds lead to: further writes, in the same call. */
public final class Effects implements AfterWrites {
  private final Kinds kinds;
  private final CustomTypes customTypes;
  private final TokenSecrets tokenSecrets;
  private final EventExpiry events = new EventExpiry();
  private final String caCertificatePem;

  public Effects(Kinds kinds, CustomTypes customTypes, Tokens tokens, String caCertificatePem) {
    this.kinds = kinds;
    this.customTypes = customTypes;
    this.tokenSecrets = new TokenSecrets(tokens, caCertificatePem);
    this.caCertificatePem = caCertificatePem;
  }

  @Override
  public ObjectNode afterWrite(KnownType known, ObjectNode object, Objects objects) {
    if (Kinds.isCrd(known)) {
      customTypes.serve(object, objects.registry());
      if (!CustomTypes.established(object)) {
        objects.update(
            known,
            "",
            Json.text(object, "metadata", "name"),
            Objects.Part.STATUS,
            CustomTypes::establish,
            Call.inProcess());
      }
    } else if (known.isNamespace()) {
      furnish(object, objects);
    } else if (RoleAggregation.concerns(known)) {
      RoleAggregation.refresh(known, objects);
    } else if (known.isCore("events")) {
      events.written(objects);
    } else if (known.isCore("secrets")) {
      return tokenSecrets.written(known, object, objects);
    } else {
      DerivedEndpoints.refresh(known, object, objects);
    }
    return object;
  }

  @Override
  public void afterRemoval(KnownType known, ObjectNode object, Objects objects) {
    if (Kinds.isCrd(known)) {
      TypeKey key =
          new TypeKey(
              Json.text(object, "spec", "group"), Json.text(object, "spec", "names", "plural"));
      objects.registry().replace(key, List.of());
      objects.purge(key);
    } else if (RoleAggregation.concerns(known)) {
      RoleAggregation.refresh(known, objects);
    } else {
      kinds.release(known, object);
      DerivedEndpoints.refresh(known, object, objects);
    }
  }

  /**
   * The default service account and the root certificate: a pod that follows its namespace in one
   * file must find them.
   */
  private void furnish(ObjectNode namespace, Objects objects) {
    if (!Json.text(namespace, "status", "phase").equals("Active")) {
      return;
    }
    String name = Json.text(namespace, "metadata", "name");
    ObjectNode account = Json.object();
    account.putObject("metadata").put("name", "default");
    createMissing(ResourceType.core("serviceaccounts", "ServiceAccount"), name, account, objects);
    ObjectNode certificate = Json.object();
    certificate.putObject("metadata").put("name", "kube-root-ca.crt");
    certificate.putObject("data").put("ca.crt", caCertificatePem);
    createMissing(ResourceType.core("configmaps", "ConfigMap"), name, certificate, objects);
  }

  public static void createMissing(
      ResourceType type, String namespace, ObjectNode object, Objects objects) {
    KnownType known = objects.registry().require(type);
    if (objects.get(known, namespace, Json.text(object, "metadata", "name")).isPresent()) {
      return;
    }
    try {
      objects.create(known, namespace, object, Call.inProcess());
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists") && !e.reason().equals("Forbidden")) {
        throw e;
      }
    }
  }
}
