import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of what posd cannot do now.
  static let systemEntries: [CodeEntry] = [
    CodeEntry(
      .busy, "BUSY",
      english: DisplayText("SYSTEM BUSY", "PLEASE WAIT"),
      spanish: DisplayText("SISTEMA OCUPADO", "POR FAVOR ESPERE"),
      textEnglish: "The system is busy. Please wait a moment. Nothing was changed.",
      textSpanish: "El sistema está ocupado. Por favor espere un momento. No se cambió nada.",
      clerkAction: "Wait: the terminal repeats the request by itself.",
      repeatHelps: .yes),
    CodeEntry(
      .changesUnavailable, "CHANGES_UNAVAILABLE",
      english: DisplayText("NO CHANGES NOW", "INQUIRIES WORK"),
      spanish: DisplayText("SIN CAMBIOS AHORA", "CONSULTAS SI"),
      textEnglish: """
        The system cannot record changes at the moment. Inquiries still work. Nothing was changed.
        """,
      textSpanish: """
        El sistema no puede registrar cambios por el momento. Las consultas siguen funcionando. No \
        se cambió nada.
        """,
      clerkAction: "Keep the form. The terminal repeats the request, or stores and forwards it.",
      repeatHelps: .later),
    CodeEntry(
      .shuttingDown, "SHUTTING_DOWN",
      english: DisplayText("SYSTEM RESTARTING", "PLEASE WAIT"),
      spanish: DisplayText("SISTEMA REINICIANDO", "POR FAVOR ESPERE"),
      textEnglish: "The system is restarting. Please wait a moment. Nothing was changed.",
      textSpanish: """
        El sistema se está reiniciando. Por favor espere un momento. No se cambió nada.
        """,
      clerkAction: "Wait: the terminal connects anew and repeats the request by itself.",
      repeatHelps: .yes),
    CodeEntry(
      .notAvailable, "NOT_AVAILABLE",
      english: DisplayText("NOT AVAILABLE", "CALL HELP DESK"),
      spanish: DisplayText("NO DISPONIBLE", "LLAME A SOPORTE"),
      textEnglish: "The system does not offer this yet. Nothing was changed.",
      textSpanish: "El sistema todavía no ofrece esto. No se cambió nada.",
      clerkAction: "Call the help desk to learn when it will be offered.",
      repeatHelps: .later),
  ]
}
