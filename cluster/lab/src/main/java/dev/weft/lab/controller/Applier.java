package dev.weft.lab.controller;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Meta;
import java.util.List;

/** Carries decisions out, in order; the first failure ends it and is thrown. */
final class Applier {
  private final ObjectStore store;
  private final Events events;
  private final String component;

  Applier(ObjectStore store, Events events, String component) {
    this.store = store;
    this.events = events;
    this.component = component;
  }

  void apply(List<Action> actions) {
    actions.forEach(this::apply);
  }

  void apply(Action action) {
    switch (action) {
      case Action.Create a -> store.create(a.type(), Meta.namespace(a.object()), a.object());
      case Action.Patch a ->
          store.mergePatch(a.type(), a.key().namespace(), a.key().name(), a.patch());
      case Action.PatchStatus a ->
          store.mergePatchStatus(a.type(), a.key().namespace(), a.key().name(), a.patch());
      case Action.Replace a ->
          store.update(a.type(), a.key().namespace(), a.key().name(), a.object());
      case Action.Delete a -> delete(a);
      case Action.Tell a ->
          events.tell(
              new Events.Subject(component, a.type(), a.regarding(), ""),
              a.warning(),
              a.reason(),
              a.message());
    }
  }

  private void delete(Action.Delete action) {
    try {
      store.delete(action.type(), action.key().namespace(), action.key().name(), action.options());
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }
}
