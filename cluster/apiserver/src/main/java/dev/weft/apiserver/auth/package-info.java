/** Who a client is, and what it may do: tokens, keys, roles. */
@NullMarked
package dev.weft.apiserver.auth;

import org.jspecify.annotations.NullMarked;
