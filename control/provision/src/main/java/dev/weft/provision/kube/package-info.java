/** The edge of provisioning: API servers, watches, threads. */
@NullMarked
package dev.weft.provision.kube;

import org.jspecify.annotations.NullMarked;
