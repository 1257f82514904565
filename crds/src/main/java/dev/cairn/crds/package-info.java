/**
 * The API: {@code cairn.dev/v1alpha1}. These types are all that users write and read. The build generates the CRD YAML
 * from them.
 */
@NullMarked
package dev.cairn.crds;

import org.jspecify.annotations.NullMarked;
