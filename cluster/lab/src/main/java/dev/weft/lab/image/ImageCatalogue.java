package dev.weft.lab.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps image names to what runs for them. */
public interface ImageCatalogue {

  /**
   * The image for a name as it stands in a pod, with registry path, tag and digest; empty where the
   * catalogue has none.
   */
  Optional<Image> find(String name);

  /** Name patterns with one line each, for error messages and {@code weft lab image list}. */
  Map<String, String> describe();

  /**
   * What runs.
   *
   * @param entrypoint replaced by a container's {@code command}
   * @param arguments replaced by a container's {@code args}
   * @param environment defaults
   * @param user numeric user that it runs as where the pod says nothing
   */
  record Image(
      String name,
      List<String> entrypoint,
      List<String> arguments,
      Map<String, String> environment,
      int user) {}
}
