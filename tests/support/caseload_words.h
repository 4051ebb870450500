#pragma once

#include <string_view>

/// The words that the standard workload draws from. Their order is part of the workload: every byte follows from it.
namespace wayside::support::words {

inline constexpr std::string_view kForenames =
    "Aaron Abigail Adam Aisha Alan Alfie Alice Amelia Amir Amy Andrew Anna Arthur Ava Barbara Ben Bethan Brian Callum "
    "Carol Catherine Charlotte Chloe Christine Colin Craig Daisy Daniel David Dawn Deborah Derek Dylan Edward Eilidh "
    "Eleanor Emily Emma Ethan Evie Farah Fatima Fiona Florence Freya Gareth Gary George Grace Graham Hannah Harry "
    "Heather Helen Ian Imran Iona Isaac Isla Jack Jacob James Jane Janet Jessica Joan John Joseph Joshua Julie Karen "
    "Katie Keith Kevin Kirsty Leah Lewis Liam Linda Lucy Luke Lynn Malcolm Margaret Martin Mary Matthew Megan Michael "
    "Mohammed Molly Nadia Neil Niamh Nicola Nigel Noah Oliver Olivia Omar Oscar Owen Patricia Paul Pauline Peter "
    "Philip Poppy Priya Rachel Rebecca Rhys Richard Robert Rory Rosie Ruth Ryan Sally Samuel Sarah Scott Sean Shannon "
    "Sharon Sian Simon Sophie Stephen Stuart Susan Tanya Thomas Tracey Victoria Wendy William Yasmin Yusuf Zara Zoe";

inline constexpr std::string_view kSurnames =
    "Adams Ahmed Akhtar Ali Allen Anderson Andrews Atkinson Bailey Baker Ball Barker Barnes Begum Bell Bennett Berry "
    "Booth Bradley Brown Burton Butler Campbell Carter Chambers Chapman Clark Clarke Collins Cook Cooper Cox "
    "Cunningham Davies Davis Dawson Dixon Edwards Ellis Evans Fisher Fletcher Foster Fox Gibson Gill Gordon Graham "
    "Grant Gray Green Griffiths Hall Hamilton Harris Harrison Hart Harvey Hill Holmes Hudson Hughes Hunt Hunter "
    "Hussain Jackson James Jenkins Johnson Johnston Jones Kaur Kelly Kennedy Khan King Knight Lawrence Lee Lewis "
    "Lloyd MacDonald Marshall Martin Mason Matthews McCarthy McDonald Miller Mills Mitchell Moore Morgan Morris "
    "Murphy Murray Nicholson O'Brien O'Connor Owen Palmer Parker Patel Payne Pearce Pearson Phillips Poole Powell "
    "Price Reid Reynolds Richards Richardson Roberts Robertson Robinson Rogers Rose Ross Russell Ryan Saunders Scott "
    "Shah Shaw Simpson Singh Smith Spencer Stevens Stewart Stone Taylor Thomas Thompson Thomson Turner Walker Wallace "
    "Walsh Ward Watson Watts Webb Wells West White Wilkinson Williams Williamson Wilson Wood Woods Wright Young";

inline constexpr std::string_view kStreets =
    "Mill Church Station Victoria Albert Park Chapel Bridge Castle Abbey Orchard Meadow Priory Kiln Quarry Harbour "
    "Market Forge Weaver Tanner";

inline constexpr std::string_view kStreetTypes =
    "Road Lane Street Close Avenue Terrace Drive Court Way Gardens";

inline constexpr std::string_view kKin =
    "mother father sister brother aunt uncle partner neighbour grandmother friend";

inline constexpr std::string_view kWorkers =
    "akhan bjones cdavies dsmith ewilson fpatel gmorris hwalsh jtaylor kreid lsingh mcook";

inline constexpr std::string_view kFlags =
    "self_harm suicidal_ideation substance_use alcohol_misuse domestic_abuse coercion sexual_exploitation trafficking "
    "homelessness rent_arrears eviction debt food_insecurity neglect physical_abuse emotional_abuse isolation "
    "bereavement disability mental_illness school_absence offending immigration_insecurity lone_working";

/// Early words are drawn often, late ones seldom.
inline constexpr std::string_view kVocabulary =
    "visit client support worker discussed agreed home family called housing appointment review school plan contact "
    "arranged concern benefit mother children letter payment health referral safe meeting advised reported council "
    "agency partner feeling anxious progress follow attended missed explained completed form application tenancy "
    "landlord rent arrears budget food parcel bank clinic nurse doctor therapist medication sleep alcohol drinking "
    "recovery relapse counselling group session volunteer training employment interview college course travel bus "
    "ticket phone credit debt advice hearing solicitor court police incident statement refuge safety exit code "
    "neighbour noise repair boiler damp mould electricity meter gas voucher furniture grant charity donation clothing "
    "uniform nursery midwife pregnancy birth baby toddler teenager exclusion attendance tutor mentor youth club "
    "football swimming library reading writing translation interpreter passport visa asylum solicitor tribunal appeal "
    "evidence deadline assessment mobility wheelchair carer respite hospital discharge ward surgery fracture diabetes "
    "asthma epilepsy autism dementia memory falls podiatry optician dentist hygiene laundry cooking garden pet dog "
    "cat vet transport taxi minibus outing lunch coffee church mosque temple gurdwara festival holiday bereavement "
    "funeral probate inheritance divorce custody mediation parenting timetable worksheet diary goal milestone "
    "strength resilience confidence isolation loneliness befriending telephone tablet broadband password email scam "
    "fraud safeguarding threshold escalation supervision handover absence allotment beekeeping calligraphy "
    "dressmaking embroidery falconry genealogy horticulture ironmongery joinery kayaking lacemaking metalwork "
    "navigation origami plumbing quilting roofing saddlery thatching upholstery viola weaving xylophone yachting "
    "zoology";

}  // namespace wayside::support::words
