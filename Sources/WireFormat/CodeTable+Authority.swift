import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of authority and of sequence.
  static let authorityEntries: [CodeEntry] = [
    CodeEntry(
      .terminalNotOfCertificate, "TERMINAL_NOT_OF_CERTIFICATE",
      english: DisplayText("WRONG TERMINAL ID", "CALL HELP DESK"),
      spanish: DisplayText("TERMINAL INCORRECTA", "LLAME A SOPORTE"),
      textEnglish: "This terminal could not prove which terminal it is. Nothing was changed.",
      textSpanish: "Esta terminal no pudo probar cuál terminal es. No se cambió nada.",
      clerkAction: """
        Stop, and call the help desk: the terminal's number and its certificate do not belong \
        together.
        """,
      repeatHelps: .no),
    CodeEntry(
      .terminalUnknown, "TERMINAL_UNKNOWN",
      english: DisplayText("TERMINAL UNKNOWN", "CALL HELP DESK"),
      spanish: DisplayText("TERMINAL DESCONOCIDA", "LLAME A SOPORTE"),
      textEnglish: "This terminal is not registered. Nothing was changed.",
      textSpanish: "Esta terminal no está registrada. No se cambió nada.",
      clerkAction: "Call the help desk to have the terminal registered.",
      repeatHelps: .later),
    CodeEntry(
      .terminalBlocked, "TERMINAL_BLOCKED",
      english: DisplayText("TERMINAL BLOCKED", "CALL HELP DESK"),
      spanish: DisplayText("TERMINAL BLOQUEADA", "LLAME A SOPORTE"),
      textEnglish: "This terminal has been taken out of service. Nothing was changed.",
      textSpanish: "Esta terminal fue puesta fuera de servicio. No se cambió nada.",
      clerkAction: "Do not use this terminal. Call the help desk.",
      repeatHelps: .later),
    CodeEntry(
      .certificateExpired, "CERTIFICATE_EXPIRED",
      english: DisplayText("CERTIFICATE EXPIRED", "CALL HELP DESK"),
      spanish: DisplayText("CERTIFICADO VENCIDO", "LLAME A SOPORTE"),
      textEnglish: "This terminal's certificate is no longer valid. Nothing was changed.",
      textSpanish: "El certificado de esta terminal ya no es válido. No se cambió nada.",
      clerkAction: "Call the help desk for a new certificate.",
      repeatHelps: .later),
    CodeEntry(
      .environmentMismatch, "ENVIRONMENT_MISMATCH",
      english: DisplayText("TEST OR PRODUCTION?", "CALL HELP DESK"),
      spanish: DisplayText("PRUEBA O REAL?", "LLAME A SOPORTE"),
      textEnglish: """
        This terminal is set up for another system: test instead of production, or the reverse. \
        Nothing was changed.
        """,
      textSpanish: """
        Esta terminal está configurada para otro sistema: prueba en lugar de producción, o al \
        revés. No se cambió nada.
        """,
      clerkAction: """
        Call the help desk: the terminal's settings or its certificate belong to the other \
        environment.
        """,
      repeatHelps: .no),
    CodeEntry(
      .siteNotActive, "SITE_NOT_ACTIVE",
      english: DisplayText("SITE NOT ACTIVE", "CALL HELP DESK"),
      spanish: DisplayText("SITIO NO ACTIVO", "LLAME A SOPORTE"),
      textEnglish: "This site is not enrolled at present. Nothing was changed.",
      textSpanish: "Este sitio no está inscrito por ahora. No se cambió nada.",
      clerkAction: "Call the program office about the site's enrollment.",
      repeatHelps: .later),
    CodeEntry(
      .operatorNotSignedOn, "OPERATOR_NOT_SIGNED_ON",
      english: DisplayText("PLEASE SIGN ON", "THEN TRY AGAIN"),
      spanish: DisplayText("INICIE SESION", "E INTENTE DE NUEVO"),
      textEnglish: "The operator is not signed on at this terminal. Nothing was changed.",
      textSpanish: "El operador no ha iniciado sesión en esta terminal. No se cambió nada.",
      clerkAction: "Sign on; the terminal then repeats the request.",
      repeatHelps: .later),
    CodeEntry(
      .operatorUnknown, "OPERATOR_UNKNOWN",
      english: DisplayText("OPERATOR UNKNOWN", "CALL HELP DESK"),
      spanish: DisplayText("OPERADOR DESCONOCIDO", "LLAME A SOPORTE"),
      textEnglish: "The operator is not registered for this site. Nothing was changed.",
      textSpanish: "El operador no está registrado para este sitio. No se cambió nada.",
      clerkAction: """
        Check the operator number. Ask the site's certifier to have the operator registered.
        """,
      repeatHelps: .later),
    CodeEntry(
      .operatorSecretWrong, "OPERATOR_SECRET_WRONG",
      english: DisplayText("WRONG OPERATOR CODE", "TRY AGAIN"),
      spanish: DisplayText("CLAVE INCORRECTA", "INTENTE DE NUEVO"),
      textEnglish: "The operator's secret code was wrong. Nothing was changed.",
      textSpanish: "La clave secreta del operador era incorrecta. No se cambió nada.",
      clerkAction: "Type the code again with care: after five wrong tries the operator is locked.",
      repeatHelps: .no),
    CodeEntry(
      .operatorLocked, "OPERATOR_LOCKED",
      english: DisplayText("OPERATOR LOCKED", "CALL HELP DESK"),
      spanish: DisplayText("OPERADOR BLOQUEADO", "LLAME A SOPORTE"),
      textEnglish: "The operator is locked after too many wrong codes. Nothing was changed.",
      textSpanish: """
        El operador está bloqueado por demasiadas claves incorrectas. No se cambió nada.
        """,
      clerkAction: "Call the help desk to have the operator unlocked.",
      repeatHelps: .later),
    CodeEntry(
      .newSecretNeeded, "NEW_SECRET_NEEDED",
      english: DisplayText("CHOOSE A NEW CODE", "8 TO 16 CHARACTERS"),
      spanish: DisplayText("ELIJA CLAVE NUEVA", "8 A 16 CARACTERES"),
      textEnglish: """
        The operator's secret code was right, and must be replaced by a new one. Nothing was \
        changed.
        """,
      textSpanish: """
        La clave secreta del operador era correcta y debe cambiarse por una nueva. No se cambió \
        nada.
        """,
      clerkAction: """
        Sign on again with the same code and with a new one: 8 to 16 letters, digits or signs, not \
        the old ones.
        """,
      repeatHelps: .no),
    CodeEntry(
      .roleNotPermitted, "ROLE_NOT_PERMITTED",
      english: DisplayText("NOT PERMITTED HERE", ""),
      spanish: DisplayText("NO PERMITIDO AQUI", ""),
      textEnglish: "This site may not do this kind of transaction. Nothing was changed.",
      textSpanish: "Este sitio no puede hacer este tipo de transacción. No se cambió nada.",
      clerkAction: """
        Send the client to an enrolling clinic, or call the help desk about the site's role.
        """,
      repeatHelps: .no),
    CodeEntry(
      .traceNumberReused, "TRACE_NUMBER_REUSED",
      english: DisplayText("NUMBER USED BEFORE", "CALL HELP DESK"),
      spanish: DisplayText("NUMERO YA USADO", "LLAME A SOPORTE"),
      textEnglish: """
        The terminal gave this request the number of an earlier, different request. This request \
        was not carried out.
        """,
      textSpanish: """
        La terminal dio a esta solicitud el número de otra solicitud anterior. Esta solicitud no \
        se realizó.
        """,
      clerkAction: """
        Start a new transaction. If it happens again, call the help desk: the terminal's software \
        is at fault.
        """,
      repeatHelps: .no),
    CodeEntry(
      .tooOldInquire, "TOO_OLD_INQUIRE",
      english: DisplayText("TOO OLD: INQUIRE", "THEN START ANEW"),
      spanish: DisplayText("MUY ANTIGUA:", "CONSULTE PRIMERO"),
      textEnglish: """
        This request is so old that the system can no longer tell whether it was carried out \
        before. It was not carried out now.
        """,
      textSpanish: """
        Esta solicitud es tan antigua que el sistema ya no sabe si se realizó antes. No se realizó \
        ahora.
        """,
      clerkAction: """
        Inquire to see how the card stands. If the change is missing, start a new transaction.
        """,
      repeatHelps: .no),
    CodeEntry(
      .transactionTimeTooOld, "TRANSACTION_TIME_TOO_OLD",
      english: DisplayText("TIME TOO OLD", "INQUIRE FIRST"),
      spanish: DisplayText("HORA MUY ANTIGUA", "CONSULTE PRIMERO"),
      textEnglish: """
        The request reached the system too long after it was made. It was not carried out now.
        """,
      textSpanish: "La solicitud llegó al sistema demasiado tarde. No se realizó ahora.",
      clerkAction: """
        Inquire to see how the card stands, check the terminal's clock, then start a new \
        transaction.
        """,
      repeatHelps: .no),
    CodeEntry(
      .transactionTimeAhead, "TRANSACTION_TIME_AHEAD",
      english: DisplayText("CLOCK IS AHEAD", "SET THE CLOCK"),
      spanish: DisplayText("RELOJ ADELANTADO", "AJUSTE EL RELOJ"),
      textEnglish: "The terminal's clock is ahead of the system's. Nothing was changed.",
      textSpanish: "El reloj de la terminal está adelantado. No se cambió nada.",
      clerkAction: "Let the terminal set its clock by an echo, then start a new transaction.",
      repeatHelps: .later),
    CodeEntry(
      .trainingInBatch, "TRAINING_IN_BATCH",
      english: DisplayText("TRAINING IN A BATCH", "NOT ACCEPTED"),
      spanish: DisplayText("PRACTICA EN LOTE", "NO ACEPTADA"),
      textEnglish: "A training transaction may not be part of a batch. Nothing was changed.",
      textSpanish: "Una transacción de práctica no puede ser parte de un lote. No se cambió nada.",
      clerkAction: "Send training transactions one by one.",
      repeatHelps: .no),
  ]
}
