package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.Escalation;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.PodDefaults;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.util.Optional;

/** What is asked before something is written: the server's own rules, then webhooks. */
public final class Admission {

  /** What a write does. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  private static final ResourceType NAMESPACE =
      ResourceType.coreClusterScoped("namespaces", "Namespace");

  private final Store store;
  private final PodAdmission pods;
  private final Webhooks webhooks;
  private final PodSecurity security;
  private final Escalation escalation;

  public Admission(Store store, Webhooks webhooks, Authorizer authorizer) {
    this.store = store;
    this.pods = new PodAdmission(store);
    this.webhooks = webhooks;
    this.security = new PodSecurity(store);
    this.escalation = new Escalation(store, authorizer);
  }

  /** The object as it should be stored; {@code object} may be changed. */
  public ObjectNode mutate(
      Operation operation,
      KnownType known,
      ObjectNode object,
      Optional<ObjectNode> old,
      Call call) {
    if (operation == Operation.CREATE) {
      checkNamespace(known.type(), object);
      if (known.isPod()) {
        // As pods are seen by webhooks with their defaults in place.
        PodDefaults.pod(Json.child(object, "spec"));
        pods.admit(known.type(), object);
      }
    }
    ObjectNode mutated = webhooks.mutate(operation, known, object, old, call);
    if (operation == Operation.CREATE && known.isPod() && mutated != object) {
      // Containers that a webhook added get the token too, as with the real server.
      pods.admit(known.type(), mutated);
    }
    return mutated;
  }

  public void validate(
      Operation operation,
      KnownType known,
      ObjectNode object,
      Optional<ObjectNode> old,
      Call call) {
    escalation.check(known.type(), object, old, call.who());
    security.check(known, object, old, call);
    Webhooks.warn(known.type(), object, call);
    webhooks.validate(operation, known, Optional.of(object), old, call);
  }

  public void validateDelete(KnownType known, ObjectNode old, Call call) {
    webhooks.validate(Operation.DELETE, known, Optional.empty(), Optional.of(old), call);
  }

  private void checkNamespace(ResourceType type, ObjectNode object) {
    if (!type.namespaced()) {
      return;
    }
    String name = Json.text(object, "metadata", "namespace");
    StoredObject namespace =
        store
            .head(TypeKey.of(NAMESPACE), new ObjectKey("", name))
            .orElseThrow(() -> Errors.notFound(NAMESPACE, name));
    if (Json.has(namespace.object(), "metadata", "deletionTimestamp")) {
      throw Errors.forbidden(
          type,
          Json.text(object, "metadata", "name"),
          "unable to create new content in namespace " + name + " because it is being terminated");
    }
  }
}
