package dev.weft.discovery;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** An object of any kind, of which nothing but the metadata matters. */
@JsonIncludeProperties("metadata")
final class SomeObject implements HasMetadata {
  private static final long serialVersionUID = 1L;

  private ObjectMeta metadata = new ObjectMeta();

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  /** Does not matter either. */
  @Override
  public void setApiVersion(String version) {}
}
