package dev.staffetta.cluster;

/** What goes between nodes before they are one cluster; see {@link AdmissionSerializer}. */
interface AdmissionMessage {}
