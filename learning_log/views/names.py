"""The names a pair wants to be warned of before they leave the pair."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions
from learning_log.models import ListedName
from learning_log.sharing_forms import NamesForm
from learning_log.views.doors import form_page
from learning_log.views.returned import gives_words_back
from pairs.models import Pair


@gives_words_back
@form_page
def names_edit(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Both of the two see the list and change it; nobody else does."""
    user = current_user(request)
    pair = Pair.objects.of_member(user).live().filter(pk=pair_id).first()
    if pair is None:
        raise Http404
    standing = ListedName.objects.visible_to(user).filter(pair=pair).values_list("name", flat=True)
    data = request.POST if request.method == "POST" else returning.data(request)
    form = NamesForm(data, initial={"names": "\n".join(standing)}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        actions.list_names(pair=pair, names=form.cleaned_data["names"], by=user)
        messages.success(request, _("Saved. We will point to these names before anything leaves the two of you."))
        return redirect("learning_log:list")
    return render(request, "learning_log/names_edit.html", {"pair": pair, "form": form})
