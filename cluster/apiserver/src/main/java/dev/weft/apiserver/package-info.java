/** An embedded Kubernetes-style API server: what callers in the same process speak with. */
@NullMarked
package dev.weft.apiserver;

import org.jspecify.annotations.NullMarked;
