import TransactionModel

// Rows of Protocol/codes.csv.

extension CodeTable {
  /// The codes of inquiries and of determinations that say no.
  static let inquiryDeclinedEntries: [CodeEntry] = [
    CodeEntry(
      .notEligibleOnDate, "NOT_ELIGIBLE_ON_DATE",
      english: DisplayText("NOT ELIGIBLE ON DATE", "ENDED YYYY-MM-DD"),
      spanish: DisplayText("NO ELEGIBLE ESE DIA", "TERMINO YYYY-MM-DD"),
      textEnglish: """
        You were not eligible on the date of service. The clinic can help you to apply again.
        """,
      textSpanish: """
        Usted no era elegible en la fecha del servicio. La clínica puede ayudarle a solicitar de \
        nuevo.
        """,
      clerkAction: """
        At an enrolling clinic, take a new form and recertify on the same number. Elsewhere, send \
        the client to an enrolling clinic.
        """,
      repeatHelps: .no),
    CodeEntry(
      .neverActivated, "NEVER_ACTIVATED",
      english: DisplayText("NOT ACTIVATED", ""),
      spanish: DisplayText("NO ACTIVADA", ""),
      textEnglish: "This card has not been activated.",
      textSpanish: "Esta tarjeta no ha sido activada.",
      clerkAction: "Take a form and activate the card if the client is eligible.",
      repeatHelps: .no),
    CodeEntry(
      .noInformation, "NO_INFORMATION",
      english: DisplayText("NO INFORMATION", "ASK THE CLINIC"),
      spanish: DisplayText("SIN INFORMACION", "PREGUNTE EN CLINICA"),
      textEnglish: """
        There is no information about this card number. Please ask the clinic that gave you the \
        card.
        """,
      textSpanish: """
        No hay información sobre este número de tarjeta. Por favor pregunte en la clínica que le \
        dio la tarjeta.
        """,
      clerkAction: """
        Compare the number with the card and try once more. Otherwise send the client to an \
        enrolling clinic.
        """,
      repeatHelps: .no),
    CodeEntry(
      .dateOfServiceAhead, "DATE_OF_SERVICE_AHEAD",
      english: DisplayText("DATE IS IN FUTURE", "CORRECT THE DATE"),
      spanish: DisplayText("FECHA FUTURA", "CORRIJA LA FECHA"),
      textEnglish: "The date of service lies in the future, so there is no answer for it yet.",
      textSpanish: "La fecha del servicio es futura; todavía no hay respuesta para ella.",
      clerkAction: "Correct the date of service and inquire again, or inquire on the day itself.",
      repeatHelps: .no),
    CodeEntry(
      .dateOfServiceTooOld, "DATE_OF_SERVICE_TOO_OLD",
      english: DisplayText("DATE TOO OLD", "12 MONTHS AT MOST"),
      spanish: DisplayText("FECHA MUY ANTIGUA", "12 MESES MAXIMO"),
      textEnglish: """
        The date of service lies more than twelve months back, so there is no answer for it.
        """,
      textSpanish: """
        La fecha del servicio es de hace más de doce meses; no hay respuesta para ella.
        """,
      clerkAction: "Correct the date of service. For an older date call the program office.",
      repeatHelps: .no),
    CodeEntry(
      .ineligibleResidence, "INELIGIBLE_RESIDENCE",
      english: DisplayText("NOT ELIGIBLE", "NOT A RESIDENT"),
      spanish: DisplayText("NO ELEGIBLE", "NO RESIDENTE"),
      textEnglish: """
        You are not eligible because you do not live in California. You may ask for a fair \
        hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque no vive en California. Usted puede pedir una audiencia \
        imparcial; la clínica le dirá cómo.
        """,
      clerkAction: "Tell the client why, give the receipt and the fair hearing notice.",
      repeatHelps: .no),
    CodeEntry(
      .ineligibleIncome, "INELIGIBLE_INCOME",
      english: DisplayText("NOT ELIGIBLE", "INCOME OVER LIMIT"),
      spanish: DisplayText("NO ELEGIBLE", "INGRESO SOBRE LIMITE"),
      textEnglish: """
        You are not eligible because your family's monthly income is above the limit for the size \
        of your family. You may ask for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque el ingreso mensual de su familia es mayor que el límite para \
        el tamaño de su familia. Usted puede pedir una audiencia imparcial; la clínica le dirá \
        cómo.
        """,
      clerkAction: """
        Check income and family size with the client. Tell the client why, give the receipt and \
        the fair hearing notice.
        """,
      repeatHelps: .no),
    CodeEntry(
      .ineligibleNeed, "INELIGIBLE_NEED",
      english: DisplayText("NOT ELIGIBLE", "NO NEED FOUND"),
      spanish: DisplayText("NO ELEGIBLE", "SIN NECESIDAD MEDICA"),
      textEnglish: """
        You are not eligible because the provider did not find a need for family planning \
        services. You may ask for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque el proveedor no encontró una necesidad de servicios de \
        planificación familiar. Usted puede pedir una audiencia imparcial; la clínica le dirá \
        cómo.
        """,
      clerkAction: "Tell the client why, give the receipt and the fair hearing notice.",
      repeatHelps: .no),
    CodeEntry(
      .ineligibleAge, "INELIGIBLE_AGE",
      english: DisplayText("NOT ELIGIBLE", "AGE OUT OF RANGE"),
      spanish: DisplayText("NO ELEGIBLE", "EDAD FUERA DE RANGO"),
      textEnglish: """
        You are not eligible because your age is outside the range for these services. You may ask \
        for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque su edad está fuera del rango para estos servicios. Usted puede \
        pedir una audiencia imparcial; la clínica le dirá cómo.
        """,
      clerkAction: """
        Check the birth date. Tell the client why, give the receipt and the fair hearing notice.
        """,
      repeatHelps: .no),
    CodeEntry(
      .ineligibleInstitution, "INELIGIBLE_INSTITUTION",
      english: DisplayText("NOT ELIGIBLE", "IN AN INSTITUTION"),
      spanish: DisplayText("NO ELEGIBLE", "EN UNA INSTITUCION"),
      textEnglish: """
        You are not eligible while you are held in a prison, a jail or a juvenile hall. You may \
        ask for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible mientras esté en una prisión, una cárcel o un centro de menores. \
        Usted puede pedir una audiencia imparcial; la clínica le dirá cómo.
        """,
      clerkAction: "Tell the client why, give the receipt and the fair hearing notice.",
      repeatHelps: .no),
    CodeEntry(
      .ineligibleMediCal, "INELIGIBLE_MEDI_CAL",
      english: DisplayText("NOT ELIGIBLE", "HAS MEDI-CAL"),
      spanish: DisplayText("NO ELEGIBLE", "TIENE MEDI-CAL"),
      textEnglish: """
        You are not eligible because your Medi-Cal coverage includes these services. You may ask \
        for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque su cobertura de Medi-Cal incluye estos servicios. Usted puede \
        pedir una audiencia imparcial; la clínica le dirá cómo.
        """,
      clerkAction: """
        Ask whether the client needs confidentiality. Tell the client why, give the receipt and \
        the fair hearing notice.
        """,
      repeatHelps: .no),
    CodeEntry(
      .ineligibleOtherCoverage, "INELIGIBLE_OTHER_COVERAGE",
      english: DisplayText("NOT ELIGIBLE", "HAS OTHER COVERAGE"),
      spanish: DisplayText("NO ELEGIBLE", "TIENE OTRO SEGURO"),
      textEnglish: """
        You are not eligible because your other health coverage includes these services. You may \
        ask for a fair hearing; the clinic will tell you how.
        """,
      textSpanish: """
        Usted no es elegible porque su otro seguro de salud incluye estos servicios. Usted puede \
        pedir una audiencia imparcial; la clínica le dirá cómo.
        """,
      clerkAction: """
        Ask whether the client needs confidentiality. Tell the client why, give the receipt and \
        the fair hearing notice.
        """,
      repeatHelps: .no),
    CodeEntry(
      .noIncomeTable, "NO_INCOME_TABLE",
      english: DisplayText("NO INCOME TABLE", "CALL PROGRAM OFFICE"),
      spanish: DisplayText("SIN TABLA DE INGRESO", "LLAME AL PROGRAMA"),
      textEnglish: """
        Eligibility could not be decided because there is no income table for this date. Please \
        ask the clinic when to come back.
        """,
      textSpanish: """
        No se pudo decidir la elegibilidad porque no hay tabla de ingresos para esta fecha. \
        Pregunte en la clínica cuándo volver.
        """,
      clerkAction: "Call the program office. Start a new transaction when the table is there.",
      repeatHelps: .no),
  ]
}
