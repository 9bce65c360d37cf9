import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of changes that a rule of the program declines.
  static let changeDeclinedEntries: [CodeEntry] = [
    CodeEntry(
      .cardUnknown, "CARD_UNKNOWN",
      english: DisplayText("CARD UNKNOWN", "CHECK THE NUMBER"),
      spanish: DisplayText("TARJETA DESCONOCIDA", "REVISE EL NUMERO"),
      textEnglish: "This card number was never issued.",
      textSpanish: "Este número de tarjeta nunca fue emitido.",
      clerkAction: """
        Compare the number with the card and try again. If it is right, call the help desk.
        """,
      repeatHelps: .no),
    CodeEntry(
      .cardNotShipped, "CARD_NOT_SHIPPED",
      english: DisplayText("CARD NOT SHIPPED", "CALL HELP DESK"),
      spanish: DisplayText("TARJETA NO ENVIADA", "LLAME A SOPORTE"),
      textEnglish: "This card has not been given out to any clinic, so it cannot be used yet.",
      textSpanish: """
        Esta tarjeta no ha sido entregada a ninguna clínica, así que todavía no se puede usar.
        """,
      clerkAction: "Take another card. Call the help desk and say where this one came from.",
      repeatHelps: .no),
    CodeEntry(
      .cardOfOtherSite, "CARD_OF_OTHER_SITE",
      english: DisplayText("CARD OF OTHER SITE", "TAKE ANOTHER CARD"),
      spanish: DisplayText("DE OTRO SITIO", "USE OTRA TARJETA"),
      textEnglish: "This card was given out to another clinic, so it cannot be activated here.",
      textSpanish: "Esta tarjeta fue entregada a otra clínica, así que no se puede activar aquí.",
      clerkAction: "Take a card of your own stock, and send this one back to the program office.",
      repeatHelps: .no),
    CodeEntry(
      .cardOfOtherClient, "CARD_OF_OTHER_CLIENT",
      english: DisplayText("CARD IN USE BY OTHER", "TAKE ANOTHER CARD"),
      spanish: DisplayText("TARJETA DE OTRO", "USE OTRA TARJETA"),
      textEnglish: "This card number belongs to somebody else, so it cannot be used for you.",
      textSpanish: """
        Este número de tarjeta pertenece a otra persona, así que no se puede usar para usted.
        """,
      clerkAction: """
        Check the number, the name and the birth date. Never use one client's number for another.
        """,
      repeatHelps: .no),
    CodeEntry(
      .cardVoided, "CARD_VOIDED",
      english: DisplayText("CARD VOIDED", "TAKE ANOTHER CARD"),
      spanish: DisplayText("TARJETA ANULADA", "USE OTRA TARJETA"),
      textEnglish: "This card has been made void and cannot be used.",
      textSpanish: "Esta tarjeta fue anulada y no se puede usar.",
      clerkAction: "Take another card, and send this one back to the program office.",
      repeatHelps: .no),
    CodeEntry(
      .alreadyActive, "ALREADY_ACTIVE",
      english: DisplayText("ALREADY ACTIVE", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("YA ESTA ACTIVA", "HASTA YYYY-MM-DD"),
      textEnglish: "This card is already active for you; nothing had to be done.",
      textSpanish: "Esta tarjeta ya está activa para usted; no fue necesario hacer nada.",
      clerkAction: "Serve the client. Send an update if something has changed.",
      repeatHelps: .no),
    CodeEntry(
      .recertifyInstead, "RECERTIFY_INSTEAD",
      english: DisplayText("USE RECERTIFY", "ENDED YYYY-MM-DD"),
      spanish: DisplayText("USE RECERTIFICAR", "TERMINO YYYY-MM-DD"),
      textEnglish: """
        This card number was active before. It stays yours for life and is renewed, not activated \
        again.
        """,
      textSpanish: """
        Este número de tarjeta estuvo activo antes. Es suyo de por vida y se renueva, no se activa \
        otra vez.
        """,
      clerkAction: "Send a recertification on the same number.",
      repeatHelps: .no),
    CodeEntry(
      .versionConflict, "VERSION_CONFLICT",
      english: DisplayText("RECORD HAS CHANGED", "INQUIRE, DO IT AGAIN"),
      spanish: DisplayText("REGISTRO CAMBIADO", "CONSULTE Y REPITA"),
      textEnglish: """
        The record was changed meanwhile by somebody else, so this change was not made.
        """,
      textSpanish: """
        El registro fue cambiado entretanto por otra persona, así que este cambio no se hizo.
        """,
      clerkAction: """
        Inquire, look at what is there now, and enter the change again if it is still wanted.
        """,
      repeatHelps: .no),
    CodeEntry(
      .certificationDateNotAllowed, "CERTIFICATION_DATE_NOT_ALLOWED",
      english: DisplayText("CERTIFICATION DATE", "NOT ALLOWED"),
      spanish: DisplayText("FECHA CERTIFICACION", "NO PERMITIDA"),
      textEnglish: """
        The certification date is not allowed: it must be the day on which the certification is \
        entered.
        """,
      textSpanish: """
        La fecha de certificación no se permite: debe ser el día en que se registra la \
        certificación.
        """,
      clerkAction: """
        Use today's date. For a paper certification made during an outage call the program office.
        """,
      repeatHelps: .no),
    CodeEntry(
      .recertificationTooEarly, "RECERTIFICATION_TOO_EARLY",
      english: DisplayText("TOO EARLY TO RENEW", "RUNS TO YYYY-MM-DD"),
      spanish: DisplayText("MUY PRONTO, VIGENTE", "HASTA YYYY-MM-DD"),
      textEnglish: """
        It is too early to renew. You are still eligible; please come back closer to the end of \
        your period.
        """,
      textSpanish: """
        Es demasiado pronto para renovar. Usted sigue siendo elegible; por favor vuelva más cerca \
        del final de su período.
        """,
      clerkAction: "Serve the client. The reply tells the first day on which renewal is possible.",
      repeatHelps: .no),
    CodeEntry(
      .deactivationReasonNotInForce, "DEACTIVATION_REASON_NOT_IN_FORCE",
      english: DisplayText("REASON NOT IN FORCE", "CHOOSE ANOTHER"),
      spanish: DisplayText("RAZON NO VIGENTE", "ELIJA OTRA"),
      textEnglish: """
        The reason given for the end of eligibility is not in use on this date, so nothing was \
        ended.
        """,
      textSpanish: """
        La razón dada para terminar la elegibilidad no se usa en esta fecha, así que no se terminó \
        nada.
        """,
      clerkAction: "Choose a reason that is in force and start a new transaction.",
      repeatHelps: .no),
    CodeEntry(
      .effectiveDateNotAllowed, "EFFECTIVE_DATE_NOT_ALLOWED",
      english: DisplayText("EFFECTIVE DATE", "NOT ALLOWED"),
      spanish: DisplayText("FECHA DE EFECTO", "NO PERMITIDA"),
      textEnglish: """
        The date given for the end of eligibility is not allowed, so nothing was ended.
        """,
      textSpanish: """
        La fecha dada para terminar la elegibilidad no se permite, así que no se terminó nada.
        """,
      clerkAction: "Correct the effective date: it is the first day without eligibility.",
      repeatHelps: .no),
    CodeEntry(
      .birthDateAhead, "BIRTH_DATE_AHEAD",
      english: DisplayText("BIRTH DATE IN FUTURE", "CORRECT THE DATE"),
      spanish: DisplayText("NACIMIENTO FUTURO", "CORRIJA LA FECHA"),
      textEnglish: "The birth date lies in the future, so the form was not accepted.",
      textSpanish: "La fecha de nacimiento es futura, así que el formulario no fue aceptado.",
      clerkAction: "Correct the birth date and start a new transaction.",
      repeatHelps: .no),
    CodeEntry(
      .selfCertification, "SELF_CERTIFICATION",
      english: DisplayText("NOT FOR YOURSELF", "ASK A COLLEAGUE"),
      spanish: DisplayText("NO PARA USTED MISMO", "PIDA A UN COLEGA"),
      textEnglish: """
        Nobody may certify himself or herself, so the form was not accepted; somebody else has to \
        enter it.
        """,
      textSpanish: """
        Nadie puede certificarse a sí mismo, así que el formulario no fue aceptado; otra persona \
        tiene que registrarlo.
        """,
      clerkAction: "Have another member of the staff enter the form.",
      repeatHelps: .no),
    CodeEntry(
      .reversalAfterLaterActivity, "REVERSAL_AFTER_LATER_ACTIVITY",
      english: DisplayText("CANNOT UNDO", "RECORD CHANGED SINCE"),
      spanish: DisplayText("NO SE PUEDE ANULAR", "HUBO CAMBIOS"),
      textEnglish: "The transaction cannot be undone because the record has changed since.",
      textSpanish: "La transacción no se puede anular porque el registro cambió después.",
      clerkAction: "Inquire, and correct the record by an update or a deactivation.",
      repeatHelps: .no),
    CodeEntry(
      .reversalTooLate, "REVERSAL_TOO_LATE",
      english: DisplayText("TOO LATE TO UNDO", "INQUIRE FIRST"),
      spanish: DisplayText("TARDE PARA ANULAR", "CONSULTE PRIMERO"),
      textEnglish: "The transaction is too old to be undone.",
      textSpanish: "La transacción es demasiado antigua para anularla.",
      clerkAction: "Inquire, and correct the record by an update or a deactivation.",
      repeatHelps: .no),
    CodeEntry(
      .notReversible, "NOT_REVERSIBLE",
      english: DisplayText("NOTHING TO UNDO", ""),
      spanish: DisplayText("NADA QUE ANULAR", ""),
      textEnglish: "That transaction changed nothing, so there is nothing to undo.",
      textSpanish: "Esa transacción no cambió nada, así que no hay nada que anular.",
      clerkAction: "Nothing is left to do.",
      repeatHelps: .no),
    CodeEntry(
      .originalReversed, "ORIGINAL_REVERSED",
      english: DisplayText("WAS CANCELLED", "NOT CARRIED OUT"),
      spanish: DisplayText("FUE CANCELADA", "NO SE REALIZO"),
      textEnglish: "This transaction was cancelled before it arrived, so it was not carried out.",
      textSpanish: "Esta transacción fue cancelada antes de llegar, así que no se realizó.",
      clerkAction: "Start a new transaction if the change is still wanted.",
      repeatHelps: .no),
    CodeEntry(
      .noStoredAnswer, "NO_STORED_ANSWER",
      english: DisplayText("NO STORED ANSWER", ""),
      spanish: DisplayText("SIN RESPUESTA PREVIA", ""),
      textEnglish: "The system holds no answer to that transaction.",
      textSpanish: "El sistema no tiene respuesta guardada para esa transacción.",
      clerkAction: "Inquire to see how the card stands.",
      repeatHelps: .no),
  ]
}
