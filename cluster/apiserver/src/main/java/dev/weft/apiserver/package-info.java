/** An embedded Kubernetes-style API server. */
@NullMarked
package dev.weft.apiserver;

import org.jspecify.annotations.NullMarked;
