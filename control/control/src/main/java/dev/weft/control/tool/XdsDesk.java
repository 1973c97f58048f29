package dev.weft.control.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.weft.control.admin.BuildFacts;
import dev.weft.control.admin.DebugPages;
import dev.weft.control.admin.DebugQuery;
import dev.weft.control.admin.NoAnswerException;
import dev.weft.control.ads.DebugDesk;
import dev.weft.types.SpiffeId;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers istioctl over xDS, with rights as Istio has them: whoever is of the namespace of the mesh
 * sees everything, others see what proxies of their own namespace hold.
 */
public final class XdsDesk implements DebugDesk {
  private static final String SYNCZ = TYPE + "/syncz";
  private static final String CONFIG_DUMP = TYPE + "/config_dump";

  private final DebugPages pages;
  private final ConnectedProxies proxies;
  private final Dumps dumps;
  private final String rootNamespace;
  private final String controlPlane;

  /**
   * @param rootNamespace the namespace of the mesh
   * @param instance the name of this replica
   */
  public XdsDesk(
      DebugPages pages,
      ConnectedProxies proxies,
      String rootNamespace,
      String instance,
      String version) {
    this.pages = pages;
    this.proxies = proxies;
    this.dumps = new Dumps(proxies);
    this.rootNamespace = rootNamespace;
    this.controlPlane = identifier(instance, version);
  }

  /** Istio: pilot/pkg/xds/xdsgen.go, {@code IstioControlPlaneInstance}. */
  private static String identifier(String instance, String version) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("Component", "istiod");
    tree.put("ID", instance);
    tree.put("Info", BuildFacts.tree(version));
    try {
      return new ObjectMapper().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings has a JSON form", e);
    }
  }

  @Override
  public Answer answer(Question question, Optional<SpiffeId> identity) {
    Optional<String> namespace =
        identity.map(SpiffeId::namespace).filter(own -> !own.equals(rootNamespace));
    return switch (question.type()) {
      case TYPE -> page(question.names(), namespace);
      case SYNCZ -> found(syncz(namespace));
      case CONFIG_DUMP -> found(dump(question.names(), namespace));
      default ->
          new Answer.Refused(
              Status.UNIMPLEMENTED.withDescription(
                  "no debug resources of type "
                      + question.type()
                      + "; there are "
                      + List.of(TYPE, SYNCZ, CONFIG_DUMP)));
    };
  }

  private Answer found(List<Any> resources) {
    return new Answer.Found(resources, controlPlane);
  }

  private Answer page(List<String> names, Optional<String> namespace) {
    if (names.size() != 1) {
      return new Answer.Refused(
          Status.INVALID_ARGUMENT.withDescription("exactly one debug request is required"));
    }
    String asked = names.getFirst();
    int question = asked.indexOf('?');
    String path = question < 0 ? asked : asked.substring(0, question);
    if (namespace.isPresent() && !Dumps.OF_ONE_PROXY.contains(path)) {
      return new Answer.Refused(
          Status.PERMISSION_DENIED.withDescription(
              "'"
                  + path
                  + "' is shown to namespace '"
                  + rootNamespace
                  + "' alone, and the caller is of '"
                  + namespace.get()
                  + "': give --istioNamespace, or a token of a service account there"));
    }
    try {
      DebugQuery query =
          DebugQuery.parse(question < 0 ? "" : asked.substring(question + 1), namespace);
      return found(List.of(text(pages.answer(path, query).body())));
    } catch (NoAnswerException e) {
      return new Answer.Refused(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    }
  }

  private static Any text(String text) {
    return Any.newBuilder().setTypeUrl(TYPE).setValue(ByteString.copyFromUtf8(text)).build();
  }

  private List<Any> syncz(Optional<String> namespace) {
    return proxies.connectedProxies().stream()
        .filter(proxy -> namespace.isEmpty() || namespace.get().equals(proxy.namespace()))
        .map(proxy -> Any.pack(SyncStatus.message(proxy)))
        .toList();
  }

  /** Of a proxy that is not here, the words by which istioctl knows to ask another replica. */
  private List<Any> dump(List<String> names, Optional<String> namespace) {
    try {
      return dumps
          .of(new DebugQuery(Map.of("proxyID", String.join(",", names)), namespace))
          .sections(false);
    } catch (NoAnswerException e) {
      return List.of(text(String.valueOf(e.getMessage())));
    }
  }
}
