package dev.cairn.runner.ledger;

/**
 * Who works, for the ledger's readers.
 *
 * @param pod the pod's name
 * @param image the image it runs
 */
public record WorkerPod(String pod, String image) {}
