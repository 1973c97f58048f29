package dev.weft.runtime;

/** What a chain does with the bytes. */
public sealed interface Pipeline permits HttpPipeline, TcpPipeline {
  /** Prefix of the chain's statistics. */
  String statPrefix();
}
