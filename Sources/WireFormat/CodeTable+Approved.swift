import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of approvals, also where the card is at fault.
  static let approvedEntries: [CodeEntry] = [
    CodeEntry(
      .approved, "APPROVED",
      english: DisplayText("APPROVED", ""),
      spanish: DisplayText("APROBADA", ""),
      textEnglish: "The request was carried out.",
      textSpanish: "La solicitud se realizó.",
      clerkAction: "Go on.",
      repeatHelps: .no),
    CodeEntry(
      .eligible, "ELIGIBLE",
      english: DisplayText("ELIGIBLE", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ELEGIBLE", "HASTA YYYY-MM-DD"),
      textEnglish: "You are eligible on the date of service.",
      textSpanish: "Usted es elegible en la fecha del servicio.",
      clerkAction: "Serve the client.",
      repeatHelps: .no),
    CodeEntry(
      .activated, "ACTIVATED",
      english: DisplayText("ACTIVATED", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ACTIVADA", "HASTA YYYY-MM-DD"),
      textEnglish: """
        You are eligible and your card is active. Please keep the card: its number is yours for \
        life.
        """,
      textSpanish: """
        Usted es elegible y su tarjeta está activa. Por favor guarde la tarjeta: su número es suyo \
        de por vida.
        """,
      clerkAction: "Give the client the card and the receipt.",
      repeatHelps: .no),
    CodeEntry(
      .recertified, "RECERTIFIED",
      english: DisplayText("RECERTIFIED", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("RECERTIFICADA", "HASTA YYYY-MM-DD"),
      textEnglish: """
        You are eligible and your period has been renewed. Your card number stays the same.
        """,
      textSpanish: """
        Usted es elegible y su período fue renovado. El número de su tarjeta no cambia.
        """,
      clerkAction: "Give the client the receipt.",
      repeatHelps: .no),
    CodeEntry(
      .updated, "UPDATED",
      english: DisplayText("UPDATED", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ACTUALIZADO", "HASTA YYYY-MM-DD"),
      textEnglish: "Your record was changed as you asked. You are still eligible.",
      textSpanish: "Su registro fue cambiado como usted pidió. Usted sigue siendo elegible.",
      clerkAction: "Give the client the receipt.",
      repeatHelps: .no),
    CodeEntry(
      .deactivated, "DEACTIVATED",
      english: DisplayText("DEACTIVATED", "LAST DAY YYYY-MM-DD"),
      spanish: DisplayText("DESACTIVADA", "HASTA YYYY-MM-DD"),
      textEnglish: """
        Your eligibility ends. The receipt names its last day. You may ask for a fair hearing; the \
        clinic will tell you how.
        """,
      textSpanish: """
        Su elegibilidad termina. El recibo indica el último día. Usted puede pedir una audiencia \
        imparcial; la clínica le dirá cómo.
        """,
      clerkAction: """
        Tell the client why and from when, give the receipt and the fair hearing notice.
        """,
      repeatHelps: .no),
    CodeEntry(
      .alreadyDeactivated, "ALREADY_DEACTIVATED",
      english: DisplayText("ALREADY ENDED", "LAST DAY YYYY-MM-DD"),
      spanish: DisplayText("YA TERMINADA", "HASTA YYYY-MM-DD"),
      textEnglish: "Your eligibility had already ended; nothing had to be done.",
      textSpanish: "Su elegibilidad ya había terminado; no fue necesario hacer nada.",
      clerkAction: "Nothing is left to do.",
      repeatHelps: .no),
    CodeEntry(
      .reversed, "REVERSED",
      english: DisplayText("CANCELLED", "CHANGE UNDONE"),
      spanish: DisplayText("CANCELADA", "CAMBIO ANULADO"),
      textEnglish: "The earlier transaction was undone; your record is as it was before.",
      textSpanish: "La transacción anterior fue anulada; su registro está como antes.",
      clerkAction: "Tell the client that the earlier receipt is void.",
      repeatHelps: .no),
    CodeEntry(
      .reversalRemembered, "REVERSAL_REMEMBERED",
      english: DisplayText("CANCELLED", "NOTHING TO UNDO"),
      spanish: DisplayText("CANCELADA", "NADA QUE ANULAR"),
      textEnglish: """
        The earlier transaction had not arrived. If it still comes, it will not be carried out.
        """,
      textSpanish: "La transacción anterior no había llegado. Si todavía llega, no se realizará.",
      clerkAction: "Go on. Start a new transaction if the change is still wanted.",
      repeatHelps: .no),
    CodeEntry(
      .eligibleRetroactively, "ELIGIBLE_RETROACTIVELY",
      english: DisplayText("ELIGIBLE THAT MONTH", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ELEGIBLE ESE MES", "HASTA YYYY-MM-DD"),
      textEnglish: """
        You are eligible on the date of service by your claim for months before your \
        certification.
        """,
      textSpanish: """
        Usted es elegible en la fecha del servicio por su reclamo de meses anteriores a su \
        certificación.
        """,
      clerkAction: "The service of that month can be claimed.",
      repeatHelps: .no),
    CodeEntry(
      .approvedClockOff, "APPROVED_CLOCK_OFF",
      english: DisplayText("APPROVED", "CHECK THE CLOCK"),
      spanish: DisplayText("APROBADA", "REVISE EL RELOJ"),
      textEnglish: "The request was carried out. The terminal's clock is wrong.",
      textSpanish: "La solicitud se realizó. El reloj de la terminal está mal.",
      clerkAction: "Let the terminal set its clock by the server time in the reply.",
      repeatHelps: .no),
    CodeEntry(
      .cardReportedLost, "CARD_REPORTED_LOST",
      english: DisplayText("ELIGIBLE, CARD LOST", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ELEGIBLE, PERDIDA", "HASTA YYYY-MM-DD"),
      textEnglish: """
        You are eligible. This card was reported lost; the clinic can give you a new one with the \
        same number.
        """,
      textSpanish: """
        Usted es elegible. Esta tarjeta fue reportada como perdida; la clínica puede darle otra \
        con el mismo número.
        """,
      clerkAction: """
        Make sure that the card is the client's. Serve the client and have the card replaced.
        """,
      repeatHelps: .no),
    CodeEntry(
      .cardMerged, "CARD_MERGED",
      english: DisplayText("ELIGIBLE, NEW NUMBER", "THROUGH YYYY-MM-DD"),
      spanish: DisplayText("ELEGIBLE, NUM. NUEVO", "HASTA YYYY-MM-DD"),
      textEnglish: """
        You are eligible. This card number was joined with another number of yours; please use the \
        other one.
        """,
      textSpanish: """
        Usted es elegible. Este número de tarjeta se unió con otro número suyo; por favor use el \
        otro.
        """,
      clerkAction: """
        Serve the client. An inquiry for information by a clinic shows the number to use.
        """,
      repeatHelps: .no),
  ]
}
