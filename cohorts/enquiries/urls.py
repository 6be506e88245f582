"""Addresses of enquiries, under the name of the app."""

from django.urls import URLPattern, URLResolver, path

from cohorts.enquiries.views import answering, closing, detail, hearing, listing, owning, public, stepping

urlpatterns: list[URLPattern | URLResolver] = [
    path("programmes/<slug:slug>/ask/", public.ask, name="ask"),
    path("programmes/<slug:slug>/ask/<str:token>/", public.ask_thanks, name="ask_thanks"),
    path("staff/enquiries/new/<slug:slug>/", hearing.enquiry_new, name="enquiry_new"),
    path("staff/enquiries/", listing.enquiry_list, name="enquiry_list"),
    path("staff/enquiries/table.<slug:kind>", listing.enquiry_table, name="enquiry_table"),
    path("staff/enquiries/<int:enquiry_id>/", detail.enquiry_detail, name="enquiry_detail"),
    path("staff/enquiries/<int:enquiry_id>/take/", owning.enquiry_take, name="enquiry_take"),
    path("staff/enquiries/<int:enquiry_id>/hand/", owning.enquiry_hand, name="enquiry_hand"),
    path("staff/enquiries/<int:enquiry_id>/step/", stepping.enquiry_step, name="enquiry_step"),
    path("staff/enquiries/<int:enquiry_id>/done/", stepping.enquiry_done, name="enquiry_done"),
    path("staff/enquiries/<int:enquiry_id>/call/", stepping.enquiry_call, name="enquiry_call"),
    path("staff/enquiries/<int:enquiry_id>/note/", stepping.enquiry_note, name="enquiry_note"),
    path("staff/enquiries/<int:enquiry_id>/answer/", answering.enquiry_answer, name="enquiry_answer"),
    path("staff/enquiries/<int:enquiry_id>/answer/send/", answering.enquiry_answer_send, name="enquiry_answer_send"),
    path("staff/enquiries/<int:enquiry_id>/close/", closing.enquiry_close, name="enquiry_close"),
    path("staff/enquiries/<int:enquiry_id>/reopen/", closing.enquiry_reopen, name="enquiry_reopen"),
    path("staff/enquiries/<int:enquiry_id>/forget/", closing.enquiry_forget, name="enquiry_forget"),
]
