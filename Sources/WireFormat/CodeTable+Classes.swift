import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// What to show and to do for a code that has no row of its own, one row for each class.
  static let classEntries: [CodeEntry] = [
    CodeEntry(
      class: .format, "FORMAT",
      english: DisplayText("FORMAT ERROR", "CALL HELP DESK"),
      spanish: DisplayText("ERROR DE FORMATO", "LLAME A SOPORTE"),
      textEnglish: """
        The terminal sent a request that the system could not read. Nothing was changed.
        """,
      textSpanish: """
        La terminal envió una solicitud que el sistema no pudo leer. No se cambió nada.
        """,
      clerkAction: """
        Do not try again. Write down the code, the field and the rule, and call the help desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      class: .authority, "AUTHORITY",
      english: DisplayText("NOT AUTHORIZED", "CALL HELP DESK"),
      spanish: DisplayText("SIN AUTORIZACION", "LLAME A SOPORTE"),
      textEnglish: "This terminal or its operator may not do this now. Nothing was changed.",
      textSpanish: "Esta terminal o su operador no puede hacer esto ahora. No se cambió nada.",
      clerkAction: "Sign on again. If that does not help, call the help desk.",
      repeatHelps: .later),
    CodeEntry(
      class: .sequence, "SEQUENCE",
      english: DisplayText("NOT ACCEPTED", "INQUIRE FIRST"),
      spanish: DisplayText("NO ACEPTADA", "CONSULTE PRIMERO"),
      textEnglish: """
        The system did not accept the number or the time of this request. Nothing was changed.
        """,
      textSpanish: "El sistema no aceptó el número o la hora de esta solicitud. No se cambió nada.",
      clerkAction: """
        Inquire to see how the card stands, check the terminal's clock, then start a new \
        transaction.
        """,
      repeatHelps: .no),
    CodeEntry(
      class: .declined, "DECLINED",
      english: DisplayText("DECLINED", "SEE RECEIPT"),
      spanish: DisplayText("NO APROBADA", "VEA EL RECIBO"),
      textEnglish: "The request was not approved.",
      textSpanish: "La solicitud no fue aprobada.",
      clerkAction: """
        Tell the client and print the receipt. Call the help desk if the reason is not clear.
        """,
      repeatHelps: .no),
    CodeEntry(
      class: .approved, "APPROVED",
      english: DisplayText("APPROVED", "SEE RECEIPT"),
      spanish: DisplayText("APROBADA", "VEA EL RECIBO"),
      textEnglish: "The request was approved.",
      textSpanish: "La solicitud fue aprobada.",
      clerkAction: "Go on, and print the receipt.",
      repeatHelps: .no),
    CodeEntry(
      class: .cardAtFault, "CARD_AT_FAULT",
      english: DisplayText("ELIGIBLE", "CHECK THE CARD"),
      spanish: DisplayText("ELEGIBLE", "REVISE LA TARJETA"),
      textEnglish: """
        You are eligible. Something is wrong with your card; the clinic will help you with it.
        """,
      textSpanish: """
        Usted es elegible. Hay un problema con su tarjeta; la clínica le ayudará con él.
        """,
      clerkAction: "Serve the client. Then call the help desk about the card.",
      repeatHelps: .no),
    CodeEntry(
      class: .system, "SYSTEM",
      english: DisplayText("SYSTEM BUSY", "TRY AGAIN LATER"),
      spanish: DisplayText("SISTEMA OCUPADO", "INTENTE MAS TARDE"),
      textEnglish: "The system cannot do this now. Please try again later.",
      textSpanish: "El sistema no puede hacer esto ahora. Por favor intente más tarde.",
      clerkAction: "Let the terminal repeat the request after the time that the reply names.",
      repeatHelps: .later),
    CodeEntry(
      class: .unknown, "UNKNOWN",
      english: DisplayText("UNKNOWN ANSWER", "CALL HELP DESK"),
      spanish: DisplayText("CODIGO DESCONOCIDO", "LLAME A SOPORTE"),
      textEnglish: """
        The terminal received an answer that it does not know. Whether anything was changed is not \
        certain.
        """,
      textSpanish: "La terminal recibió una respuesta que no conoce. No es seguro si algo cambió.",
      clerkAction: """
        Do not rely on this answer. Inquire to see how the card stands, and call the help desk.
        """,
      repeatHelps: .no),
  ]
}
