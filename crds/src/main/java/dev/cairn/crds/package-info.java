/**
 * The API: {@code cairn.dev/v1alpha1}. What users write and read is here and nowhere else; the CRD YAML beside it is
 * generated from these types.
 */
@NullMarked
package dev.cairn.crds;

import org.jspecify.annotations.NullMarked;
